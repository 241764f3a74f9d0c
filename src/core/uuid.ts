const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is not one is the id of nothing, and the database need not be asked. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** Milliseconds since the epoch: an id of version 7 begins with the time it was made. */
export const timeOfUuid = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
