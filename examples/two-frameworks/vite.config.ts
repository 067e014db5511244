import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** `GATEWAY_URL` is where the pages' calls for tokens and their WebSockets go; the demo sets it. */
const gateway = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4431';
const proxy = { '/holdfast': { target: gateway, ws: true }, '/token': gateway };

const pages = ['index', 'ai-sdk', 'tanstack'];

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 800,
    rollupOptions: {
      input: pages.map((page) => fileURLToPath(new URL(`${page}.html`, import.meta.url))),
    },
  },
  server: { proxy },
  preview: { proxy },
});
