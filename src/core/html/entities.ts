/** Character references of HTML: all numbers, and the names that are met in mail and on pages. What is unknown stays. */

/** From U+00A0 to U+00FF, in this order. */
const LATIN =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute ' +
  'thorn yuml';

const NAMED: ReadonlyMap<string, string> = new Map([
  ...LATIN.split(' ').map((name, at): [string, string] => [name, String.fromCharCode(0xa0 + at)]),
  ...Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", AMP: '&', LT: '<', GT: '>', QUOT: '"' },
    ...{ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„' },
    ...{ hellip: '…', bull: '•', euro: '€', trade: '™', larr: '←', rarr: '→', minus: '−', infin: '∞', ne: '≠' },
    ...{ le: '≤', ge: '≥', dagger: '†', lsaquo: '‹', rsaquo: '›', ensp: ' ', emsp: ' ', thinsp: ' ', OElig: 'Œ' },
    ...{ oelig: 'œ', Scaron: 'Š', scaron: 'š', tab: '\t', Tab: '\t', NewLine: '\n', colon: ':', semi: ';', lpar: '(' },
    ...{ rpar: ')', sol: '/', bsol: '\\', num: '#', excl: '!', equals: '=', lbrace: '{', rbrace: '}', commat: '@' },
    ...{ zwnj: '', zwj: '', lrm: '', rlm: '', ZeroWidthSpace: '', NoBreak: '' },
  }),
]);

/** Of the names, only these may lack their semicolon: `?a=1&copy=2` is no sign of copyright. */
const BARE: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'nbsp']);

/** 0x80 to 0x9f are those of Windows, as browsers read them. */
const WINDOWS = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ';

const REFERENCE = /&(?:#[xX]([0-9A-Fa-f]{1,8})|#(\d{1,9})|([A-Za-z][A-Za-z0-9]{1,31}))(;?)/g;

/** Once: `&amp;lt;` is `&lt;`. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (all, hex?: string, decimal?: string, name?: string, end?: string) => {
    if (name === undefined) return fromCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    return end === ';' || BARE.has(name) ? (NAMED.get(name) ?? all) : all;
  });
}

function fromCode(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return WINDOWS[code - 0x80] as string;
  const isNone = code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return isNone ? '\ufffd' : String.fromCodePoint(code);
}
