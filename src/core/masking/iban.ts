/** International bank account numbers: the length is the country's, and the check digits are those of ISO 7064. */

/** Length by country, from the registry of SWIFT. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ' +
    'ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
    'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 ' +
    'PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 ' +
    'YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const ALNUM = /[A-Za-z0-9]/;

/** Characters from the beginning that are an IBAN, with the spaces in it; 0: it is none. */
export function ibanLength(text: string): number {
  const wanted = LENGTHS.get(text.slice(0, 2).toUpperCase());
  if (wanted === undefined) return 0;
  let compact = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (!ALNUM.test(char)) continue;
    compact += char;
    if (compact.length < wanted) continue;
    const isGluedOn = ALNUM.test(text[at + 1] ?? ' ');
    return !isGluedOn && remainder(compact.toUpperCase()) === 1 ? at + 1 : 0;
  }
  return 0;
}

/** Of the number that the text stands for, letters being 10 to 35 and the first four characters last, by 97. */
function remainder(compact: string): number {
  let left = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    left = (left * (value > 9 ? 100 : 10) + value) % 97;
  }
  return left;
}
