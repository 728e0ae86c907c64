export const handler = async ({ rawPath }) => ({ statusCode: 200, body: `you asked for ${rawPath}` });
