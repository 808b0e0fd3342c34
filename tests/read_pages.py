"""Pages and texts as a reader takes them: words without markup, numbers without spaces."""

import re
from html.parser import HTMLParser

NUMBER = re.compile(r"\d+(?:[ \u202f\u00a0]\d{3})*(?:,\d+)?")


def normal(text):
    return re.sub(r"[\s\u00a0\u202f]+", " ", text.replace("’", "'")).strip()


def numbers(text):
    return {re.sub(r"[ \u202f\u00a0]", "", each) for each in NUMBER.findall(text)}


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said, self.tags, self.urls, self.skip = [], [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.urls += [value for name, value in attrs if name in {"src", "href"}]
        self.skip = tag == "style"

    def handle_endtag(self, _):
        self.skip = False

    def handle_data(self, data):
        if not self.skip:
            self.said.append(data)


def page(path):
    found = Text()
    found.feed(path.read_text(encoding="utf-8"))
    return found
