/** A size in bytes as people write it. `KB`/`MB` count in thousands, `KiB`/`MiB` in 1,024s, as the standards say. */
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, kib: 1024, mib: 1024 ** 2 };
const SIZE = /^(\d{1,12}(?:\.\d{1,3})?) ?(b|kb|mb|kib|mib)$/i;

/** Bytes of `1048576`, `'1MB'`, `'512 KiB'`; undefined for what is not a size. */
export function parseByteSize(size: string | number): number | undefined {
  if (typeof size === 'number') return Number.isSafeInteger(size) && size >= 0 ? size : undefined;
  const parts = SIZE.exec(size);
  if (!parts) return undefined;
  return Math.floor(Number(parts[1]) * UNITS[parts[2]!.toLowerCase()]!);
}
