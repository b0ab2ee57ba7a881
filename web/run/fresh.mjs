// Import a module by its address, again where that failed before.

const failures = new Map();

/**
 * A page remembers a failed import for good (HTML standard, "fetch a single module script"; Chromium 150 does so), so
 * each further try has an address of its own.
 * @param {URL} url - of a module whose own static imports are not among what failed: those stay failed
 * @returns {Promise<object>} the module
 */
export async function fresh(url) {
  const failed = failures.get(url.href) ?? 0;
  const address = new URL(url);
  if (failed) address.searchParams.set("try", failed + 1);
  try {
    return await import(address);
  } catch (error) {
    failures.set(url.href, failed + 1);
    throw error;
  }
}
