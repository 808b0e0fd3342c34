"""Pictures of the documentation are light: a page that shows them opens at once."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "images"
MOST = 300_000  # bytes


@pytest.mark.parametrize("picture", sorted(FOLDER.iterdir()), ids=lambda each: each.name)
def test_a_picture_of_the_docs_is_light(picture):
    assert picture.stat().st_size < MOST
