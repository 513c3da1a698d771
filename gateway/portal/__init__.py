"""The pages staff read about the gateway: status, installation, tools, house rules, notices. Sees no traffic."""
