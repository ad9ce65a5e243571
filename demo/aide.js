'use strict';

{
  for (const question of document.querySelectorAll('[data-faq]'))
    question.addEventListener('toggle', () => {
      if (question.open) demo.event('Aide', 'faq');
    });

  // The opt-out: the tracker keeps it in this browser under the name padoqe.
  const button = document.querySelector('#opposition');
  const choice = document.querySelector('#choix');
  const refused = () => {
    try {
      return localStorage.getItem('padoqe') == 'out';
    } catch {
      return false;
    }
  };
  const show = (out) => {
    choice.textContent = `Votre choix sur cet appareil : la mesure est ${out ? 'refusée' : 'acceptée'}.`;
    button.textContent = out ? 'Accepter de nouveau la mesure' : 'Ne plus mesurer ma visite';
  };
  let out = refused();
  show(out);
  button.addEventListener('click', () => {
    out = !out;
    window._paq.push([out ? 'optUserOut' : 'forgetUserOptOut']);
    show(out);
  });
}
