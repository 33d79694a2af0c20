import { asObject, asString, asTextOrNull } from '../core/index.ts';

/** Who announced itself, as EIP-6963 has it. Words for people only: any script of the page may announce. */
export type AnnouncedInfo = {
  readonly name: string;
  /** Data URL, or empty. Never loaded here. */
  readonly icon: string;
  /** Reverse domain name, such as `"io.metamask"`, or empty. */
  readonly rdns: string;
  readonly uuid: string;
};

export type Announced<Provider> = { readonly info: AnnouncedInfo; readonly provider: Provider };

/** `request` is dispatched by who looks for providers, `announce` by each of them in answer. */
export type AnnouncementEvents = { readonly request: string; readonly announce: string };

export type Registry<Provider> = {
  /** Asks everybody to announce themselves; who runs in the page answers before this returns. */
  ask(): void;
  /** Everybody heard so far, first come first; late answers included. */
  found(): readonly Announced<Provider>[];
};

/**
 * Listens on `target` (a window) for providers that announce themselves. An announcement that does not have the
 * shape it must have is ignored; so is a second one with the same `uuid`.
 */
export function listen<Provider>(
  target: EventTarget,
  events: AnnouncementEvents,
  asProvider: (value: unknown) => Provider,
): Registry<Provider> {
  const heard = new Map<string, Announced<Provider>>();
  target.addEventListener(events.announce, (event) => {
    const announced = parseAnnouncement(event, asProvider);
    if (announced !== null && !heard.has(announced.info.uuid)) heard.set(announced.info.uuid, announced);
  });
  return {
    ask: () => void target.dispatchEvent(new Event(events.request)),
    found: () => [...heard.values()],
  };
}

/** The announcement in `event.detail`, or null when it is malformed. Each field is read once: getters may lie. */
export function parseAnnouncement<Provider>(
  event: Event,
  asProvider: (value: unknown) => Provider,
): Announced<Provider> | null {
  try {
    const detail = asObject('detail' in event ? event.detail : null, 'detail');
    const info = asObject(detail['info'], 'detail.info');
    return {
      info: {
        name: asString(info['name'], 'detail.info.name', 64),
        icon: asTextOrNull(info['icon'], 65_536) ?? '',
        rdns: asTextOrNull(info['rdns'], 128) ?? '',
        uuid: asString(info['uuid'], 'detail.info.uuid', 64),
      },
      provider: asProvider(detail['provider']),
    };
  } catch {
    return null; // It came from the page's world, where anybody may say anything.
  }
}
