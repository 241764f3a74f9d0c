/** A document by another name; its remarks stay. */
export const renamed = (yaml: string, name: string): string => yaml.replace(/^name:.*$/m, `name: ${name}`);
