import type { Money as Amount } from '../api/documents.js';
import { formatMoney } from '../texts/formats.js';
import { useTexts } from '../texts/language.js';

export const Money = ({ amount }: { readonly amount: Amount }) => (
  <span class="numbers">{formatMoney(amount, useTexts())}</span>
);
