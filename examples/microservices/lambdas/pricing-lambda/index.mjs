import { price } from './common/money.mjs';

export const handler = async ({ seats }) => ({ statusCode: 200, body: price(seats * 2500) });
