/** What only some browsers have in a worker. */
type Home = { readonly userAgent: string; readonly serviceWorker?: Pick<ServiceWorkerContainer, "register"> };

/**
 * WebKit runs a SharedWorker in the process of a tab, and may end that once the tab is closed, but not where it has
 * started a service worker (https://bugs.webkit.org/show_bug.cgi?id=318873). So it is asked for one of this script. That
 * one ends at once, since `serveAuth` throws there; the process is kept for as long as the site has pages.
 */
export async function keepProcess(): Promise<void> {
  const { userAgent, serviceWorker }: Home = navigator;
  if (!userAgent.includes("AppleWebKit")) return; // Firefox would do it for nothing
  const registration = await serviceWorker?.register(location.href, { scope: location.href }); // a scope that no page is in
  await registration?.unregister(); // where a script calls serveAuth in a SharedWorker only
}
