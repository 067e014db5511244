import { useEffect, useReducer } from 'react';

/** Renders again when a deadline has passed. */
export function useRefreshAt(time: number | undefined): void {
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const left = time === undefined ? -1 : time - Date.now();
    if (left < 0) return undefined;
    const timer = setTimeout(refresh, left + 1);
    return () => clearTimeout(timer);
  }, [time]);
}
