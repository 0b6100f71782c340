"""Records what Python's ConfigParser, as Apache cqlsh 6.2.2 uses it, makes of texts: writes src/settings/ini/recorded.rs.

    target/oracle/bin/python tests/parity/ini.py
"""

import configparser
import os
import pathlib
import tempfile

DEEP = '\n'.join(f'a{n} = %(a{n + 1})s' for n in range(12)) + '\na12 = x\n'
TEXTS = [
    '', '\n\n', '# only a remark\n; and another\n',
    '[a]\n', '[a]\nk = v\n', '[a]\nk=v', '[a]\nk: v\n', '[a]\nk : v = w\n', '[a]\nk = v : w\n',
    '[a]\n  k   =   v  \n', '[a]\nKey Name = Value\n', '[A]\nk=1\n[a]\nk=2\n', '[a]\nk =\n', '[a]\nk\n', '[a]\n= v\n',
    '[a]\nk = v ; no remark\n', '[a]\nk = v # no remark\n', '[a]\n# k = v\n;k = v\n  # k = w\nl = 1\n',
    '[a]\nk = one\n  two\n\tthree\nl = 1\n', '[a]\nk = one\n\n  two\n', '[a]\nk = one\n  # remark\n  two\n',
    '[a]\nk = one\n\n\n', '[a]\nk =\n  one\n  two\n', '[a]\n  k = one\n  l = two\n', '[a]\n    k = one\n  l = two\n',
    '[a]\nk = one\n  [b]\n', '[a]\n  [b]\n  k = 1\n', '[a]\n  k = 1\n    l = 2\n', '[a] trailing\nk = 1\n', '[a] ; x\n',
    '[a]b]\nk = 1\n', '[]\n', '[]]\n', '[a\nk = 1\n', '[ a ]\nk = 1\n', '[copy:ks.t]\nheader = true\n', 'k = v\n',
    'k\n', '  k = v\n[a]\n', '\ufeff[a]\nk = v\n', '[a]\nk = 1\nk = 2\n', '[a]\nk = 1\nK = 2\n', '[a]\n[b]\n[a]\n',
    '[a]\nnonsense\n[b]\n[a]\n', '[a]\nnonsense\nk = 1\nk = 2\n', '[a]\nnonsense\nmore nonsense\n',
    '[DEFAULT]\nk = 1\n[a]\nl = 2\n', '[DEFAULT]\nk = 1\n[a]\nk = 2\nl = 3\n', '[DEFAULT]\nk = 1\n[DEFAULT]\nl = 2\n[a]\n',
    '[DEFAULT]\nk = 1\n[DEFAULT]\nk = 2\n[a]\n', '[default]\nk = 1\n[a]\n', '[a]\nx = 1\n[DEFAULT]\ny = 2\nz = 3\n',
    '[a]\nk = %(l)s!\nl = x\n', '[a]\nk = %(L)s\nl = x\n', '[a]\nk = %(m)s\n', '[a]\nk = 100%\n', '[a]\nk = 100%%\n',
    '[a]\nk = %d\n', '[a]\nk = %(l)d\nl = 1\n', '[a]\nk = %()s\n', '[a]\nk = %(l\nl = 1\n', '[a]\nk = %(k)s\n',
    '[a]\nk = %(l)s\nl = 50%\n', '[a]\nk = %(l)s\nl = 50%%\n', '[DEFAULT]\nh = /x\n[a]\nk = %(h)s/y\n', '[a]\n' + DEEP,
    '[a]\nk = %Y-%m-%d\n', '[a]\nk = %%(l)s\nl = 1\n', '[a]\r\nk = v\r\n', '[a]\rk = v\rl = w', '[a]\n\u00a0k\u00a0=\u00a0v\u00a0\n',
    '[a]\nk = v\x1c\n', '[a]\n\x1fk = v\n', '[a]\nk = v\x0bw\n', '[a]\nk = v\n\x0c\nl = w\n', '[a]\nÄ = ö\n', '[é]\nk=1\n',
    '[a]\nk = "quoted"\n', "[a]\nk = 'x\n", '[a]\nk == v\n', '[a]\nk := v\n', '[a]\nk.l-m = v\n', '[a]\n[k = v\n',
    '[a]\n[k] = v\n', '[a]\nk = [b]\n', '[a]\nk = a\n b = c\n', '[a]\nno value\n  more\n', '[a]\n=x\n  y\n', '\n\n[a]\n\nk=1\n',
    '[a]\nk = v\n   \n  w\n', '[a]\nk = v\n;x\n  w\n', '[a]\nk = v\\\nw\n', '[DEFAULT]\nnonsense\n', '[a]\nk=1\n  [a]\n',
]


def rust(text):
    if text is None:
        return 'None'
    escaped = ''.join({'\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', '"': '\\"'}.get(c) or
                      (c if c.isprintable() else f'\\u{{{ord(c):x}}}') for c in text)
    return f'"{escaped}"'


def value(parser, section, option):
    try:
        return f'Some({rust(parser.get(section, option))})'
    except configparser.Error:
        return 'None'


def outcome(path, text):
    path.write_bytes(text.encode())
    cooked, raw = configparser.ConfigParser(), configparser.RawConfigParser()
    try:
        cooked.read(path)
        raw.read(path)
    except configparser.Error as error:
        line = error.errors[0][0] if getattr(error, 'errors', None) else error.lineno
        return f'Refused({rust(type(error).__name__)}, {line})'
    sections = []
    for section in raw.sections():
        options = [f'({rust(name)}, {rust(text)}, {value(cooked, section, name)})' for name, text in raw.items(section)]
        sections.append(f'({rust(section)}, &[{", ".join(options)}])')
    return f'Read(&[{", ".join(sections)}])'


with tempfile.TemporaryDirectory() as directory:
    lines = [f'    ({rust(text)}, {outcome(pathlib.Path(directory, "ini"), text)}),\n' for text in TEXTS]

target = pathlib.Path(__file__).resolve().parents[2] / 'src/settings/ini/recorded.rs'
target.write_text(f'''//! What Python's `ConfigParser` makes of these texts. Made by tests/parity/ini.py, never edited by hand.

use Recorded::{{Read, Refused}};

pub(super) enum Recorded {{
    /// Sections, their options, and each option's value as it stands there and with names replaced, if that can be done.
    Read(&'static [Section]),
    /// The class of the exception and the line it names first.
    Refused(&'static str, usize),
}}

type Section = (&'static str, &'static [(&'static str, &'static str, Option<&'static str>)]);

#[rustfmt::skip]
pub(super) const RECORDED: &[(&str, Recorded)] = &[
{''.join(lines)}];
''', encoding='utf-8')
