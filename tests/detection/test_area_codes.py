"""A land line of every Dutch area is found, with nothing around it that says so (area codes: ACM, numbering plan)."""

import pytest

from gateway.detection.phone import is_personal_number

AREAS = (
    "10 13 15 20 23 24 26 30 33 35 36 38 40 43 45 46 50 53 55 58 70 71 72 73 74 75 76 77 78 79 "
    "111 113 114 115 117 118 161 162 164 165 166 167 168 172 174 180 181 182 183 184 186 187 222 223 224 226 227 228 "
    "229 251 252 255 294 297 299 313 314 315 316 317 318 320 321 341 342 343 344 345 346 347 348 411 412 413 416 418 "
    "475 478 481 485 486 487 488 492 493 495 497 499 511 512 513 514 515 516 517 518 519 521 522 523 524 525 527 528 "
    "529 541 543 544 545 546 547 548 561 562 566 570 571 572 573 575 577 578 591 592 593 594 595 596 597 598 599"
)


@pytest.mark.parametrize("area", AREAS.split())
def test_a_land_line_can_be_a_persons(area: str) -> None:
    assert is_personal_number(f"0{area}{'3456789'[: 9 - len(area)]}")


@pytest.mark.parametrize("number", ["140182", "14010", "1888", "116117", "08001351", "09008844", "0662345678"])
def test_a_number_of_nobody_is_none(number: str) -> None:
    assert not is_personal_number(number)
