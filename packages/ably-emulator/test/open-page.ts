import { once } from 'node:events';
import { createServer } from 'node:http';
import { chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

export interface OpenPage {
  readonly page: Page;
  /** `METHOD path` of each request for which the browser asked leave of the other origin first. */
  readonly preflights: readonly string[];
  /** What the browser refused or could not do. */
  readonly failures: readonly string[];
}

/**
 * A page in Chromium until the test ends, of an origin of its own: plain http, which browsers trust less than localhost. It
 * loads one script; `token` is what its `/token` answers.
 */
export async function openPage(script: string, token: () => Promise<string>): Promise<OpenPage> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const send = (type: string, body: string): void =>
      void response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
    if (pathname === '/script.js') return send('text/javascript', script);
    if (pathname === '/')
      return send(
        'text/html',
        '<!doctype html><link rel="icon" href="data:,"><script src="/script.js"></script>',
      );
    if (pathname !== '/token') return void response.writeHead(404).end();
    token().then(
      (each) => send('text/plain', each),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP page.example 127.0.0.1',
    ],
  });
  onTestFinished(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });
  const page = await browser.newPage();
  const preflights: string[] = [];
  const failures: string[] = [];
  page.on('pageerror', ({ message }) => void failures.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(message.text());
  });
  page.on('requestfailed', (request) => void failures.push(`${request.method()} ${request.url()}`));
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  network.on('Network.requestWillBeSent', ({ request }) => {
    if (request.method !== 'OPTIONS') return;
    const method = request.headers['Access-Control-Request-Method'] ?? request.method;
    preflights.push(`${method} ${new URL(request.url).pathname}`);
  });
  await page.goto(`http://page.example:${address.port}/`);
  return { page, preflights, failures };
}
