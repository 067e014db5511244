import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** `GATEWAY_URL` is where the pages' calls for tokens and their WebSockets go; the demo sets it. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4441';
const proxy = { '/holdfast': { target: gateway, ws: true }, '/token': gateway };

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    rollupOptions: {
      input: ['index', 'staff'].map((page) => fileURLToPath(new URL(`${page}.html`, import.meta.url))),
    },
  },
  server: { proxy },
  preview: { proxy },
});
