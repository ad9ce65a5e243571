'use strict';

{
  try {
    const title = sessionStorage.getItem('demo-titre');
    if (title) document.querySelector('#titre').textContent = title;
  } catch {}

  const share = document.querySelector('#partage');
  document.querySelector('#publier').addEventListener('click', () => {
    if (!share.hidden) return;
    window._paq.push(['trackGoal', 2]);
    document.querySelector('#message').textContent = 'Le quiz est publié.';
    share.hidden = false;
    share.focus();
  });

  const message = document.querySelector('#message-partage');
  const copy = (text, said) =>
    (navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
      () => (message.textContent = said),
      () => (message.textContent = `À copier : ${text}`),
    );
  const ways = {
    code: () => copy('7K2PQ', 'Le code est copié.'),
    lien: () => copy(new URL('repondre.html', location.href).href, 'Le lien est copié.'),
    qr(button) {
      document.querySelector('#qr').hidden = false;
      button.setAttribute('aria-expanded', 'true');
      message.textContent = 'Le QR code est affiché.';
    },
  };
  for (const button of document.querySelectorAll('[data-partage]'))
    button.addEventListener('click', () => {
      demo.event('Diffusion', 'partage', button.dataset.partage);
      ways[button.dataset.partage](button);
    });
}
