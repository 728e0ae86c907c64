/** The ticket shop: a function behind a Lambda function URL. */
export const handler = async ({ rawPath }) => {
  if (rawPath !== '/health') return { statusCode: 404, body: 'the shop sells tickets elsewhere' };
  const body = JSON.stringify({ shop: 'open', sales: process.env.STREAM ?? 'not connected' });
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
};
