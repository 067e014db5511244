/// <reference types="vite/client" />

interface ImportMetaEnv {
  /** Set where sessions are on Ably: an emulator's host and port, or empty for the service. */
  readonly VITE_ABLY?: string;
}
