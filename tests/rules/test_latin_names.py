"""Names that admins give in any letters, as the rules keep them."""

import pytest

from handlers.rules.node import NAME
from handlers.vocabulary.latin_names import latin_name


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("second_line", "second_line"),
        ("kept_as_it_is_", "kept_as_it_is_"),
        ("Second Line", "second_line"),
        ("Друга лінія", "druha_liniia"),
        ("Зв’язківці", "zviazkivtsi"),
        ("Київ — центр", "kyiv_tsentr"),
        ("Бухгалтерия и кадры", "bukhhalteryia_y_kadry"),
        ("1С підтримка", "s_pidtrymka"),
        ("щ" * 40, "shch" * 8),
    ],
)
def test_a_name_is_kept_as_commands_write_it(said: str, kept: str):
    assert latin_name(said) == kept
    assert NAME.fullmatch(kept)


@pytest.mark.parametrize("said", ["", "24/7", "_", "🙂", "中文"])
def test_what_has_no_letter_to_begin_with_is_no_name(said: str):
    assert latin_name(said) == ""
