"""通知: telling the posts what is new, over the bureau's channels.

`planning` reads the ledger and writes what is to be told into the outbox; `sending` takes it from there to the channels
(`channels`). `addressing` knows who holds a post now, `wording` what may be said, `listing` what was sent. Nothing here
imports Airflow: whoever sends brings the addresses behind the connections along.
"""
