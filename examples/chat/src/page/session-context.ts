import type { Session } from '@holdfast/core';
import { createContext, useContext } from 'react';

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('There is no SessionContext around this component.');
  return session;
}
