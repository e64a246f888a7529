/** The image's health check: exit code 0 while our own server answers `/api/live`. The image has no curl, and needs none. */
import { request as overTls } from 'node:https';
import { request as plain } from 'node:http';

const { HOST = '', PORT = '7071', TLS_CERT_FILE } = process.env;
const host = ['', '0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST;
const options = { host, port: PORT, path: '/api/live', timeout: 4000 };
// the certificate names the server as its clients call it, not this address
const call = TLS_CERT_FILE ? overTls({ ...options, rejectUnauthorized: false }) : plain(options);

call.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1));
call.on('timeout', () => call.destroy());
call.on('error', () => process.exit(1));
call.end();
