// Which clicks on links count, for sites that say more than enableLinkTracking.

import type { Core } from './core.js';

const EXTENSIONS =
  '7z aac apk avi bin bz2 csv deb dmg doc docx epub exe flac gif gz h5p iso jar jpeg jpg json m4a md mov mp3 mp4 mpeg msi odb odf odg odp ods odt ogg ogv pdf png ppt pptx rar rtf sb3 svg tar tgz txt wav webm webp xls xlsx xml xz zip';

/** Official commands take an array, or a text with `|` or blanks between. */
const list = (words: string | string[]) => (Array.isArray(words) ? words : words.split(/[|\s]+/)).map((word) => word.toLowerCase());

export function links(core: Core): void {
  let extensions = list(EXTENSIONS);
  let domains: string[] = [];
  const classes = {
    link: ['matomo_link', 'piwik_link', 'matomo-link', 'piwik-link'],
    download: ['matomo_download', 'piwik_download', 'matomo-download', 'piwik-download'],
    ignore: ['matomo_ignore', 'piwik_ignore', 'matomo-ignore', 'piwik-ignore'],
  };

  const has = (link: Element, kind: keyof typeof classes) => classes[kind].some((name) => link.classList.contains(name));
  const own = (link: HTMLAnchorElement) =>
    link.host == location.host ||
    domains.some((domain) => {
      const [host, ...path] = domain.replace(/^https?:\/\//, '').split('/');
      const fits = host!.startsWith('*.') ? link.hostname == host!.slice(2) || link.hostname.endsWith(host!.slice(1)) : link.hostname == host;
      return fits && link.pathname.toLowerCase().startsWith('/' + path.join('/').replace(/\*$/, ''));
    });

  core.l = (link) => {
    if (!link.host || has(link, 'ignore')) return false;
    if (has(link, 'link')) return 'link';
    const extension = /\.(\w+)$/.exec(link.pathname.toLowerCase())?.[1];
    if (has(link, 'download') || link.hasAttribute('download') || extensions.includes(extension!)) return 'download';
    return !own(link) && 'link';
  };

  Object.assign(core.c, {
    setDomains: (names: string | string[]) => (domains = list(names)),
    setDownloadExtensions: (names: string | string[]) => (extensions = list(names)),
    addDownloadExtensions: (names: string | string[]) => (extensions = extensions.concat(list(names))),
    removeDownloadExtensions: (names: string | string[]) => (extensions = extensions.filter((name) => !list(names).includes(name))),
    setLinkClasses: (names: string | string[]) => (classes.link = classes.link.concat(names)),
    setDownloadClasses: (names: string | string[]) => (classes.download = classes.download.concat(names)),
    setIgnoreClasses: (names: string | string[]) => (classes.ignore = classes.ignore.concat(names)),
  });
}
