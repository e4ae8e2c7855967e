/** What a visitor chose. A browser that stores nothing, as in a private window, must not break the page. */
export function readStored(name: string, storage: () => Storage = () => localStorage): string | null {
  try {
    return storage().getItem(name);
  } catch {
    return null;
  }
}

export function store(name: string, value: string, storage: () => Storage = () => localStorage): void {
  try {
    storage().setItem(name, value);
  } catch {
    // The choice then lasts until the page is closed.
  }
}
