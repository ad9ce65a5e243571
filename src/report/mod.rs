//! A question, its rows, its answer in the words of the Reporting API.
