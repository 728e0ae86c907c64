import { format } from '@tickets/money';

export const handler = async ({ cents = 0 }) => ({ price: format(cents) });
