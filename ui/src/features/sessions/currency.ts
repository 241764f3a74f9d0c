/** In which currency costs of sessions are: that of all prices, which the books know. */
import { useApi } from '../../api/query.ts';
import { CURRENCY } from './session-search.ts';

/** All prices of a server have the same one; where nothing was paid yet, it says nothing. */
export function useCurrency(): string {
  const books = useApi('getUsage', CURRENCY);
  return books.data?.items[0]?.currency ?? 'USD';
}
