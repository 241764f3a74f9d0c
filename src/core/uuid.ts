const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What is not one is the id of nothing, and the database need not be asked. */
export const isUuid = (text: string): boolean => UUID.test(text);
