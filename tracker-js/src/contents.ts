// Content blocks: what is marked in the page is counted where it is shown, and where it is used.
//   data-track-content, or the class matomoTrackContent            the block
//   data-content-name, -piece, -target; data-content-ignoreinteraction

import type { Core } from './core.js';

const BLOCK = '[data-track-content],.matomoTrackContent,.piwikTrackContent';
const PIECE = '[data-content-piece],.matomoContentPiece,.piwikContentPiece';
const TARGET = '[data-content-target],.matomoContentTarget,.piwikContentTarget';
const IGNORED = '[data-content-ignoreinteraction],.matomoContentIgnoreInteraction,.piwikContentIgnoreInteraction';

/** Milliseconds between two looks at what is in view. */
const LOOK = 750;

/** The block itself where it fits, else the first in it that does. */
const within = (block: Element, selector: string): Element => (block.matches(selector) ? block : (block.querySelector(selector) ?? block));

interface Block {
  c_n: string;
  c_p: string;
  c_t: string;
}

function read(block: Element): Block {
  const attribute = (element: Element, ...names: string[]) => names.map((name) => element.getAttribute(name)).find((value) => value) ?? '';
  const piece = within(block, PIECE);
  const media = piece.matches('img,video,audio,source') ? piece : piece.querySelector('img,video,audio,source');
  const target = within(block, TARGET);
  const link = target.matches('a[href]') ? target : target.querySelector('a[href]');
  const c_p = attribute(piece, 'data-content-piece') || (media && attribute(media, 'src')) || '';
  const c_t = attribute(target, 'data-content-target') || (link && attribute(link, 'href')) || '';
  const named = within(block, '[data-content-name]');
  return { c_n: attribute(named, 'data-content-name') || c_p || attribute(block, 'title') || 'Unknown', c_p: c_p || 'Unknown', c_t };
}

const inView = (element: Element): boolean => {
  const { top, left, bottom, right, width } = element.getBoundingClientRect();
  return width > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
};

export function contents(core: Core): void {
  let seen = new Set<string>();
  let listening = false;
  let looking = 0;

  const show = (blocks: Iterable<Element>, visible?: boolean) => {
    for (const block of blocks) {
      if (visible && !inView(block)) continue;
      const { c_n, c_p, c_t } = read(block);
      const key = JSON.stringify([c_n, c_p, c_t]);
      if (seen.has(key)) continue;
      seen.add(key);
      core.h({ c_n, c_p, c_t: c_t || null, ca: 1 });
    }
    listen();
  };
  const use = (element: Element, c_i = 'Unknown') => {
    const block = element.closest(BLOCK);
    if (!block) return;
    const { c_n, c_p, c_t } = read(block);
    core.h({ c_i, c_n, c_p, c_t: c_t || null, ca: 1 });
  };
  const listen = () => {
    if (listening) return;
    listening = true;
    addEventListener(
      'click',
      (event) => {
        const element = event.target as Element;
        const block = element.closest?.(BLOCK);
        if (block && !element.closest(IGNORED) && within(block, TARGET).contains(element)) use(block, 'click');
      },
      true,
    );
  };
  const all = () => document.querySelectorAll(BLOCK);

  const { trackPageView } = core.c;
  core.c.trackPageView = (...args) => {
    seen = new Set();
    trackPageView!(...args);
  };
  Object.assign(core.c, {
    trackContentImpression: (c_n: string, c_p = 'Unknown', c_t?: string) => core.h({ c_n, c_p, c_t, ca: 1 }),
    trackContentInteraction: (c_i: string, c_n: string, c_p = 'Unknown', c_t?: string) => core.h({ c_i, c_n, c_p, c_t, ca: 1 }),
    trackAllContentImpressions: () => show(all()),
    trackVisibleContentImpressions(scrolls = true, interval = LOOK) {
      show(all(), true);
      clearInterval(looking);
      if (scrolls) addEventListener('scroll', () => show(all(), true), { passive: true, capture: true });
      if (interval > 0) looking = setInterval(() => show(all(), true), Math.max(interval, 100)) as unknown as number;
    },
    trackContentImpressionsWithinNode: (node: Element) => show([...(node.matches(BLOCK) ? [node] : []), ...node.querySelectorAll(BLOCK)]),
    trackContentInteractionNode: use,
    logAllContentBlocksOnPage: () => console.info([...all()].map(read)),
  });
}
