/** Keys by which secrets are sealed, as a setting and as `master.key` have them: `VERSION:BASE64`, the newest counts. */

export interface MasterKey {
  readonly version: number;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

const ENTRY = /^(?:(\d{1,9}):)?([A-Za-z0-9+/]{43}=)$/;

/** The newest first. An entry without a version is version 1. Throws an Error that shows none of the text. */
export function parseMasterKeys(text: string): readonly MasterKey[] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const keys = entries.map((entry) => {
    const [, version = '1', base64] = ENTRY.exec(entry) ?? [];
    if (base64 === undefined || Number(version) < 1)
      throw new Error('takes 32 bytes in base64, or several as VERSION:BASE64, with commas between');
    return { version: Number(version), bytes: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)) };
  });
  if (keys.length === 0) throw new Error('holds no key');
  if (new Set(keys.map(({ version }) => version)).size < keys.length) throw new Error('has two keys of one version');
  return keys.sort((a, b) => b.version - a.version);
}

/** One on each line, the newest first. */
export function formatMasterKeys(keys: readonly MasterKey[]): string {
  return keys.map(({ version, bytes }) => `${version}:${btoa(String.fromCharCode(...bytes))}\n`).join('');
}
