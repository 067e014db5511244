import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `GATEWAY_URL` is where the page's calls for tokens and its WebSocket go; the demo sets it. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4441';
const proxy = { '/holdfast': { target: gateway, ws: true }, '/token': gateway };

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022' },
  server: { proxy },
  preview: { proxy },
});
