/** Where a blob is downloaded from, by its hash. */
import table from 'virtual:routes';
import { addressOf } from '../api/call.ts';

export const blobAddress = (hash: string): string => addressOf(table.getBlob?.path ?? '', { hash });
