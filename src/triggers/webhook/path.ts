/**
 * The path of a webhook: segments of unreserved characters, or `:name` for one segment of any text.
 * No `*` and no optional parts, so that two paths can be compared and a request has one owner.
 */
const LITERAL = /^[A-Za-z0-9._~-]+$/;
const PARAM = /^:[A-Za-z_][A-Za-z0-9_]*$/;
const UNSAFE = new Set([':__proto__', ':constructor', ':prototype']);

/** What is wrong with a path, as a sentence that says the mend; undefined for a good one. */
export function pathFault(path: string): string | undefined {
  const segments = path.split('/');
  if (segments.includes('')) return 'write the path without a slash at the start, at the end, or two in a row';
  if (segments.includes('.') || segments.includes('..')) return 'a segment cannot be "." or ".."';
  const bad = segments.find((segment) => !LITERAL.test(segment) && !PARAM.test(segment));
  if (bad !== undefined) return `segment "${bad}" may hold A-Z a-z 0-9 . _ ~ - only, or be a parameter such as :id`;
  const params = segments.filter((segment) => segment.startsWith(':'));
  if (params.some((param) => UNSAFE.has(param)))
    return 'a parameter cannot be named __proto__, constructor or prototype';
  if (new Set(params).size < params.length) return 'a parameter is named twice; give each its own name';
  return undefined;
}

/**
 * The parameters of a request path under a webhook's path, decoded; null where it does not match.
 * `path` is what follows `/webhooks/`, still percent-encoded. A broken encoding does not match.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = Object.create(null);
  for (const [index, segment] of wanted.entries()) {
    const value = decode(given[index] ?? '');
    if (!value) return null;
    if (segment.startsWith(':')) params[segment.slice(1)] = value;
    else if (segment !== value) return null;
  }
  return params;
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
