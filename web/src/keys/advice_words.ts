// advice_words.ts - what each kind of advice is called.
import type { AdviceItem } from '../api/advice';

export const adviceNames: Record<AdviceItem['kind'], string> = {
  smaller_permissions: 'Smaller permission',
  addresses: 'List of addresses',
  expiry: 'An expiry',
  unused: 'An end',
};
