/** Filters live in the address, so that a view can be sent to somebody. What is no text there is left out. */
export const textsOf =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Readonly<Record<string, unknown>>): { [N in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name];
        return value === undefined || value === null || value === '' ? [] : [[name, String(value)]];
      }),
    ) as { [N in Name]?: string };
