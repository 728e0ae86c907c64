import { createServer } from 'node:http';

/** The ticket shop as a web server on port 8080, for EKS and ECS. */
const server = createServer((request, response) => {
  const status = ['/', '/health'].includes(request.url ?? '') ? 200 : 404;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(status === 200 ? { shop: 'open' } : { error: 'not found' }));
});
server.listen(8080);
process.on('SIGTERM', () => server.close());
