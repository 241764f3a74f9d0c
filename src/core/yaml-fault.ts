/** What is wrong with a text of YAML, in plain words; the parser speaks of its own rules. */

const WORDS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias (*name) stands alone; remove what is put before it',
  BAD_ALIAS: 'this alias (*name) has no anchor (&name) before it',
  BAD_COLLECTION_TYPE: 'a list or an object was expected here, as its tag says',
  BAD_DIRECTIVE: 'a line that begins with % is an instruction to the parser; put quotes around it',
  BAD_DQ_ESCAPE: 'a backslash inside of "…" begins an escape such as \\n; write it twice, or use \'…\'',
  BAD_INDENT: 'the indent does not fit the lines before, or a bracket or quote before it is not closed',
  BAD_PROP_ORDER: 'an anchor or a tag stands in the wrong place',
  BAD_SCALAR_START: 'a text cannot begin with this character; put quotes around it',
  BLOCK_AS_IMPLICIT_KEY: 'two fields stand on one line, or a bracket or quote before it is not closed',
  BLOCK_IN_FLOW: 'a block cannot begin inside of [ ] or { }; close the bracket before it',
  DUPLICATE_KEY: 'this field is there twice; remove one',
  IMPOSSIBLE: 'this cannot be read as YAML',
  KEY_OVER_1024_CHARS: 'the name of a field is too long; is a quote not closed?',
  MISSING_CHAR: 'a character is missing, such as a comma, a colon, a closing bracket or a closing quote',
  MULTILINE_IMPLICIT_KEY: 'a colon is missing after the name of the field, or a quote is not closed',
  MULTIPLE_ANCHORS: 'one value has one anchor at most',
  MULTIPLE_DOCS: 'there are several documents; keep one, without --- between them',
  MULTIPLE_TAGS: 'one value has one tag at most',
  NON_STRING_KEY: 'the name of a field must be a text',
  TAB_AS_INDENT: 'a tab indents this line; use spaces',
  TAG_RESOLVE_FAILED: 'this tag (!name) is not known; remove it',
  UNEXPECTED_TOKEN: 'something stands here that does not belong; is a comma, bracket or quote missing before it?',
};

/** Of the parser's code, without its place. */
export const yamlFault = (code: string): string => WORDS[code] ?? 'this cannot be read as YAML';
