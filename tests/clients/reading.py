"""matomo (hits) and piwik-api (reports), two clients from PyPI, against a running server."""

import os
import time
import unittest

from matomo import Matomo
from matomo.request import Request
from piwik_api import PiwikAPI, PiwikAPIError

SERVER = os.environ["PADOQE_URL"].rstrip("/")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0"


class Clients(unittest.TestCase):
    def setUp(self):
        self.api = PiwikAPI(url=f"{SERVER}/index.php", token=os.environ["PADOQE_TOKEN"])
        site = self.api.SitesManager.addSite(
            siteName=self.id(), urls="https://www.quiziniere.com", timezone="Europe/Paris", policy="complete"
        )
        self.today = {"idSite": site["value"], "period": "day", "date": "today"}

    def somebody(self, visitor):
        request = Request(
            {
                "HTTPS": "on",
                "HTTP_HOST": "www.quiziniere.com",
                "PATH_INFO": "/exercices/1",
                "HTTP_USER_AGENT": AGENT,
                "HTTP_ACCEPT_LANGUAGE": "fr",
                "REMOTE_ADDR": "192.0.2.7",
            }
        )
        tracker = Matomo(request, self.today["idSite"], f"{SERVER}/matomo.php")
        tracker.set_visitor_id(visitor)
        return tracker

    def wait_for(self, method, wanted):
        """Asks until the answer is as wanted, for some seconds."""
        end = time.monotonic() + 5
        while True:
            answer = method(**self.today)
            if wanted(answer) or time.monotonic() > end:
                self.assertTrue(wanted(answer), answer)
                return answer
            time.sleep(0.1)

    def test_hits_are_read_back(self):
        for visitor in ("00000000000000aa", "00000000000000bb"):
            self.somebody(visitor).do_track_page_view("Exercice 1")
        tracker = self.somebody("00000000000000aa")
        tracker.do_track_event("Exercice", "rendu", "fractions", 12)
        tracker.do_track_site_search("conjugaison", "", 3)
        self.wait_for(self.api.VisitsSummary.get, lambda it: it["nb_visits"] == 2 and it["nb_actions"] == 4)
        titles = self.api.Actions.getPageTitles(**self.today)
        self.assertEqual([(it["label"].strip(), it["nb_hits"]) for it in titles], [("Exercice 1", 2)])
        events = self.api.Events.getName(**self.today)
        self.assertEqual([(it["label"], it["sum_event_value"]) for it in events], [("fractions", 12)])
        searches = self.api.Actions.getSiteSearchKeywords(**self.today)
        self.assertEqual([it["label"] for it in searches], ["conjugaison"])

    def test_several_questions_are_one_request(self):
        self.somebody("00000000000000aa").do_track_page_view("Exercice 1")
        self.wait_for(self.api.VisitsSummary.get, lambda it: it["nb_visits"] == 1)
        summary, version = self.api.bulk_request(
            [
                self.api.VisitsSummary.get(return_request_args=True, **self.today),
                self.api.API.getPiwikVersion(return_request_args=True),
            ]
        )
        self.assertEqual(summary["nb_visits"], 1)
        self.assertRegex(version["value"], r"^5\.")

    def test_what_is_refused_is_an_error_with_its_reason(self):
        with self.assertRaisesRegex(PiwikAPIError, "PADOQE"):
            self.api.Live.getLastVisitsDetails(**self.today)
        stranger = PiwikAPI(url=f"{SERVER}/index.php", token="0" * 32)
        with self.assertRaisesRegex(PiwikAPIError, "Unable to authenticate"):
            stranger.VisitsSummary.get(**self.today)
