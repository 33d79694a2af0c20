import { browser } from 'wxt/browser';
import { changePolicy } from '../storage/settings.ts';
import { wasPausedElsewhere } from '../storage/stops.ts';
import { recallAll } from './deliveries.ts';

/** Follows a pause in the other windows, private or ordinary: now, and whenever there is one. */
export function followPauses(): void {
  browser.storage.local.onChanged.addListener(() => void follow());
  void follow();
}

async function follow(): Promise<void> {
  if (!(await wasPausedElsewhere())) return;
  await changePolicy((policy) => ({ ...policy, paused: true }));
  await recallAll();
}
