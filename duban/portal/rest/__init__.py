"""The ledger over HTTP, below ``/duban/api``: what the pages do, for other programs (the bureau's OA); docs/rest.md.

Every route asks for Airflow's user (cookie or bearer token) and finds the person of the bureau behind it; who may use
a route stands in `duban.portal.access`, which matter is seen is `acts.may_see`, and what may be done is for the acts to
refuse. What is refused comes back as one Chinese sentence in ``detail``.
"""
