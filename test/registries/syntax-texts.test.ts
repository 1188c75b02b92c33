// What is said, word by word, of a registries.conf that cannot be read, and of its keys.
import test from 'ava';
import type { Finding } from '../../src/finding.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';

/** Each finding as `line:column message; help | excerpt`. */
const rows: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  [
    'a byte order mark',
    '\ufeffa = 1\n',
    [
      "1:1 the file begins with a byte order mark, which CRI-O before 1.28 refuses; remove it: sed -i '1s/^\\xef\\xbb\\xbf//' FILE | \ufeffa = 1",
    ],
  ],
  [
    'a bell',
    'a = 1 # \u0007\n',
    [
      '1:9 the file has the control character "\\u{7}", which TOML allows nowhere, not even in a comment; remove the character | a = 1 # \u0007',
    ],
  ],
  [
    'a carriage return alone',
    'a = 1\rb = 2\n',
    [
      '1:6 the file has the control character "\\u{d}", which TOML allows nowhere, not even in a comment; remove the character | a = 1\rb = 2',
    ],
  ],
  [
    'no value',
    'a =\n',
    [
      '1:5 the file is not valid TOML: "Unexpected character, expecting string, number, datetime, boolean, inline array or inline table"; correct the line; containers-registries.conf(5) shows the format | a =',
    ],
  ],
  [
    'no value, with CRLF',
    'a = 1\r\nb =\r\nc = 1\r\n',
    [
      '2:4 the file is not valid TOML: "Unexpected character, expecting string, number, datetime, boolean, inline array or inline table"; correct the line; containers-registries.conf(5) shows the format | b =',
    ],
  ],
  [
    'a key twice',
    'a = 1\na = 2\n',
    [
      '2:6 the file is not valid TOML: "Can\'t redefine existing key"; correct the line; containers-registries.conf(5) shows the format | a = 2',
    ],
  ],
  [
    'an open string',
    'a = "b\n',
    [
      '1:8 the file is not valid TOML: "Unterminated string"; correct the line; containers-registries.conf(5) shows the format | a = "b',
    ],
  ],
  [
    'an array of two types',
    'a = [1, "b"]\n',
    [
      '1:13 the file is not valid TOML: "Inline lists must be a single type, not a mix of integer and string"; give all elements of the array one type; icspd does not read mixed arrays, though CRI-O may | a = [1, "b"]',
    ],
  ],
  [
    'a day of one digit',
    'a = 1\nb = 2020-01-1\n',
    ['2:5 "2020-01-1" is neither a number nor a date; correct it, or write it as a string | b = 2020-01-1'],
  ],
  [
    'a time of day without an end',
    'a = 07:32:00\nb = 1\n',
    [
      '1:5 the time of day "07:32:00" is written in a form that icspd does not read; write the date or time as a string; icspd does not read all of their forms, though CRI-O may | a = 07:32:00',
    ],
  ],
  [
    'a time of day with a comment',
    'a = 07:32:00#\n',
    [
      '1:5 the time of day "07:32:00" is written in a form that icspd does not read; write the date or time as a string; icspd does not read all of their forms, though CRI-O may | a = 07:32:00#',
    ],
  ],
  [
    'a time of day and a tab',
    'a = 07:32:00\t# b\n',
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'a date and a time with a space between them',
    'a = 2020-01-01 07:32:00\n',
    [
      '1:16 the time of day "07:32:00" is written in a form that icspd does not read; write the date or time as a string; icspd does not read all of their forms, though CRI-O may | a = 2020-01-01 07:32:00',
    ],
  ],
  [
    'a time with a zone',
    'a = 07:32:00Z\n',
    ['1:5 "07:32:00Z" is neither a number nor a date; correct it, or write it as a string | a = 07:32:00Z'],
  ],
  [
    'a local time behind a date',
    'a = [ 1979-05-27 ]\n',
    [
      '1:19 the file is not valid TOML: "Incomplete datetime"; write the date or time as a string; icspd does not read all of their forms, though CRI-O may | a = [ 1979-05-27 ]',
    ],
  ],
  [
    'a line end behind a time',
    'a = 1\nb = 07:32:00.5\nc =\n',
    [
      '3:4 the file is not valid TOML: "Unexpected character, expecting string, number, datetime, boolean, inline array or inline table"; write the date or time as a string; icspd does not read all of their forms, though CRI-O may | c =',
    ],
  ],
  [
    'a mistake on a line without a date',
    'a = 1\nb = 2020-01-01\nc = 1\nd =\n',
    [
      '4:4 the file is not valid TOML: "Unexpected character, expecting string, number, datetime, boolean, inline array or inline table"; correct the line; containers-registries.conf(5) shows the format | d =',
    ],
  ],
  [
    'a mistake on the line behind a text with a date',
    'a = "2020-01-01"\nb =\n',
    [
      '2:4 the file is not valid TOML: "Unexpected character, expecting string, number, datetime, boolean, inline array or inline table"; correct the line; containers-registries.conf(5) shows the format | b =',
    ],
  ],
  [
    'a mistake behind a date in lower case',
    'a = 1987-07-05t17:45:00z\n',
    [
      '1:5 "1987-07-05t17:45:00z" is neither a number nor a date; correct it, or write it as a string | a = 1987-07-05t17:45:00z',
    ],
  ],
  [
    'an integer beyond 64 bits',
    'a = 9223372036854775808\n',
    [
      '1:5 the number "9223372036854775808" does not fit into 64 bits; write a smaller number, or a string | a = 9223372036854775808',
    ],
  ],
  [
    'an integer below 64 bits',
    'a = -9223372036854775809\n',
    [
      '1:5 the number "-9223372036854775809" does not fit into 64 bits; write a smaller number, or a string | a = -9223372036854775809',
    ],
  ],
  [
    'the smallest integer',
    'a = -9223372036854775808\n',
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'the largest one with its sign',
    'a = +9223372036854775807\n',
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'a hexadecimal one',
    'a = 0x8000000000000000\n',
    [
      '1:5 the number "0x8000000000000000" does not fit into 64 bits; write a smaller number, or a string | a = 0x8000000000000000',
    ],
  ],
  [
    'a float beyond 64 bits',
    'a = 1e999\n',
    ['1:5 the number "1e999" does not fit into 64 bits; write a smaller number, or a string | a = 1e999'],
  ],
  [
    'a float without end',
    'a = 1.\n',
    ['1:5 "1." is neither a number nor a date; correct it, or write it as a string | a = 1.'],
  ],
  [
    'a number with underscores',
    'a = 1_0e9_9\n',
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'a comma before a brace',
    'a = { b = 1 , }\n',
    [
      '1:13 the inline table ends with a comma, which CRI-O before 1.36 refuses; remove the comma | a = { b = 1 , }',
    ],
  ],
  [
    'a date that the calendar has not',
    'a = 2021-02-29\n',
    ['1:5 "2021-02-29" is neither a number nor a date; correct it, or write it as a string | a = 2021-02-29'],
  ],
  [
    'a date that the calendar has',
    'a = 2020-02-29\n',
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'a month that is none',
    'a = 2020-13-01\n',
    ['1:5 "2020-13-01" is neither a number nor a date; correct it, or write it as a string | a = 2020-13-01'],
  ],
  [
    'a key that is a number',
    '1 = 2\n',
    [
      '- key "1" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'a time as a key',
    '07:32:00 = 1\n',
    [
      '1:4 the file is not valid TOML: "Invalid character, expected \\"=\\""; correct the line; containers-registries.conf(5) shows the format | 07:32:00 = 1',
    ],
  ],
  [
    'another spelling of a key',
    '[[registry]]\nLocation = "a.com"\n',
    [
      '- key "Location" in [[registry]] is another spelling of "location", which CRI-O takes for the same key; write it location',
    ],
  ],
  [
    'a long s in a key',
    '[[registry]]\nlocation = "a.com"\n"in\u017fecure" = true\n',
    [
      '- key "in\u017fecure" in [[registry]] of "a.com" is another spelling of "insecure", which CRI-O takes for the same key; write it insecure',
    ],
  ],
  [
    'a Kelvin sign in a key',
    '[[registry]]\nlocation = "a.com"\n"bloc\u212aed" = true\n',
    [
      '- key "bloc\u212aed" in [[registry]] of "a.com" is another spelling of "blocked", which CRI-O takes for the same key; write it blocked',
    ],
  ],
  [
    'another spelling at the top',
    'Unqualified-Search-Registries = []\n',
    [
      '- key "Unqualified-Search-Registries" at the top of the file is another spelling of "unqualified-search-registries", which CRI-O takes for the same key; write it unqualified-search-registries',
    ],
  ],
  [
    'another spelling in a mirror',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nLocation = "b.com"\n',
    [
      '- key "Location" in [[registry.mirror]] of "a.com" is another spelling of "location", which CRI-O takes for the same key; write it location',
    ],
  ],
  [
    'keys of other tables',
    '[[registry]]\nlocation = "a.com"\nshort-name-mode = "enforcing"\n[[registry.mirror]]\nlocation = "b.com"\nblocked = true\n',
    [
      '- key "short-name-mode" in [[registry]] of "a.com" stands in the wrong table, so that CRI-O ignores it; move it: it belongs at the top of the file, before the first [[registry]]',
      '- key "blocked" in [[registry.mirror]] of "a.com" stands in the wrong table, so that CRI-O ignores it; move it: it belongs in a [[registry]] table',
    ],
  ],
  [
    'a key of a mirror at the top',
    'pull-from-mirror = "all"\n',
    [
      '- key "pull-from-mirror" at the top of the file stands in the wrong table, so that CRI-O ignores it; move it: it belongs in a [[registry.mirror]] table',
    ],
  ],
  [
    'a key of a table at the top',
    'blocked = true\n',
    [
      '- key "blocked" at the top of the file stands in the wrong table, so that CRI-O ignores it; move it: it belongs in a [[registry]] table',
    ],
  ],
  [
    'unknown keys',
    'a = 1\n[[registry]]\nprefix = "a.com"\nlocation = "a.com"\nb = 1\n[[registry.mirror]]\nlocation = "b.com"\nc = 1\n',
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
      '- key "b" in [[registry]] of "a.com" is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
      '- key "c" in [[registry.mirror]] of "a.com" is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'an unknown key in a table without a name',
    '[[registry]]\nb = 1\n',
    [
      '- key "b" in [[registry]] is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'an unknown key in a mirror without a name',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nc = 1\n',
    [
      '- key "c" in [[registry.mirror]] of "a.com" is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    'texts that are none',
    'short-name-mode = 1\nunqualified-search-registries = "a"\ncredential-helpers = [1]\naliases = 1\nregistry = 1\n',
    [
      '- "registry" at the top of the file must be an array of tables; write the header with double brackets: [[registry]]',
      '- "unqualified-search-registries" at the top of the file must be an array of strings; write unqualified-search-registries = ["…", "…"]',
      '- "short-name-mode" at the top of the file must be a string; write a string in double quotes',
      '- "credential-helpers" at the top of the file must be an array of strings; write credential-helpers = ["…", "…"]',
      '- "aliases" at the top of the file must be a table; write it as a table, with the header [aliases]',
    ],
  ],
  [
    'values of a table',
    '[[registry]]\nprefix = 1\nlocation = 1\ninsecure = "true"\nblocked = 0\nmirror-by-digest-only = []\nmirror = {}\n',
    [
      '- "prefix" in [[registry]] must be a string; write a string in double quotes',
      '- "location" in [[registry]] must be a string; write a string in double quotes',
      '- "insecure" in [[registry]] must be a boolean; write true or false, in lower case and without quotes',
      '- "blocked" in [[registry]] must be a boolean; write true or false, in lower case and without quotes',
      '- "mirror-by-digest-only" in [[registry]] must be a boolean; write true or false, in lower case and without quotes',
      '- "mirror" in [[registry]] must be an array of tables; write the header with double brackets: [[registry.mirror]]',
    ],
  ],
  [
    'values of a mirror',
    '[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nlocation = 1\ninsecure = 1\npull-from-mirror = true\n',
    [
      '- "location" in [[registry.mirror]] of "a.com" must be a string; write a string in double quotes',
      '- "insecure" in [[registry.mirror]] of "a.com" must be a boolean; write true or false, in lower case and without quotes',
      '- "pull-from-mirror" in [[registry.mirror]] of "a.com" must be a string; write a string in double quotes',
    ],
  ],
  [
    'single brackets around registry',
    '[registry]\nlocation = "a.com"\n',
    [
      '- "registry" at the top of the file must be an array of tables; write the header with double brackets: [[registry]]',
    ],
  ],
  [
    'single brackets around a mirror',
    '[[registry]]\nlocation = "a.com"\n[registry.mirror]\nlocation = "b.com"\n',
    [
      '- "mirror" in [[registry]] of "a.com" must be an array of tables; write the header with double brackets: [[registry.mirror]]',
    ],
  ],
  [
    'tables and texts in one array',
    'registry = [1]\n',
    [
      '- "registry" at the top of the file must be an array of tables; write the header with double brackets: [[registry]]',
    ],
  ],
  [
    'an alias that is a number',
    '[aliases]\na = 1\n',
    ['- "a" in [aliases] must be a string; write a string in double quotes'],
  ],
  [
    'the three lists of version 1',
    '[registries.search]\nregistries = ["a.com"]\n[registries.insecure]\nregistries = ["b.com"]\n[registries.block]\nregistries = ["c.com"]\n',
    [
      '- the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1; write in their place, at the top of the file: unqualified-search-registries = ["a.com"] and registry = [{ location = "b.com", insecure = true }, { location = "c.com", blocked = true }]',
    ],
  ],
  [
    'one list of version 1 beside an empty header',
    '[registries.search]\n[registries.block]\nregistries = ["c.com"]\n',
    [
      '- the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1; write in their place, at the top of the file: registry = [{ location = "c.com", blocked = true }]',
    ],
  ],
  ['headers of version 1 alone', '[registries.search]\n[registries.insecure]\n', []],
  [
    'version 1 as a text',
    'registries = "a"\n',
    [
      '- the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1; write [registries.search] as unqualified-search-registries, each of [registries.insecure] as a [[registry]] with location and insecure = true, each of [registries.block] as one with blocked = true',
    ],
  ],
  [
    'a list of version 1 of numbers',
    '[registries.search]\nregistries = [1]\n',
    [
      '- the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1; write [registries.search] as unqualified-search-registries, each of [registries.insecure] as a [[registry]] with location and insecure = true, each of [registries.block] as one with blocked = true',
    ],
  ],
  [
    'a text in the place of a list of version 1',
    'registries.search = "a.com"\n',
    [
      '- the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1; write [registries.search] as unqualified-search-registries, each of [registries.insecure] as a [[registry]] with location and insecure = true, each of [registries.block] as one with blocked = true',
    ],
  ],
  [
    'an empty list of version 1',
    '[registries.search]\nregistries = []\n',
    [
      '- the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1; write [registries.search] as unqualified-search-registries, each of [registries.insecure] as a [[registry]] with location and insecure = true, each of [registries.block] as one with blocked = true',
    ],
  ],
  [
    '64 levels',
    `a = ${'['.repeat(63)}${']'.repeat(63)}\n`,
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    '65 levels',
    `a = ${'['.repeat(64)}${']'.repeat(64)}\n`,
    [
      '- key "a" at the top of the file is unknown, so that CRI-O ignores it; correct the spelling, or remove the key',
    ],
  ],
  [
    '65 levels of tables',
    `a = ${'{b = '.repeat(64)}1${'}'.repeat(64)}\n`,
    ['- the tables or arrays are nested more than 64 levels deep; flatten the nested values'],
  ],
];

for (const [what, text, said] of rows) {
  test(`what is said of ${what}`, (t) => {
    t.deepEqual(
      read(text).map(({ line, column, message, help, excerpt }) => {
        const place = line === null || column === null ? '-' : `${line}:${column}`;
        return `${place} ${message}; ${help}${excerpt === null ? '' : ` | ${excerpt}`}`;
      }),
      said,
    );
  });
}

function read(text: string): readonly Finding[] {
  return parseRegistriesConf(new TextEncoder().encode(text), 'f').findings;
}
