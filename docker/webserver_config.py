"""How people sign in in production (Flask AppBuilder): read by the API server, see docs/sign-in.md.

Only settings stand here, no password: those come from the environment (.env).
"""

import os

from flask_appbuilder.const import AUTH_DB, AUTH_LDAP  # noqa: F401 - one of them below

# The page on which people sign in speaks Chinese.
BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {"zh": {"flag": "cn", "name": "简体中文"}}

# Nobody makes an account for himself: the operator creates users, named as in the organization file.
AUTH_USER_REGISTRATION = False

# Wrong passwords: so many tries to sign in from one address, then refused (429) until the time is over.
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = os.environ.get("DUBAN_SIGN_IN_LIMIT") or "10 per 1 minute"

# Passwords kept here, in Airflow's database, hashed.
AUTH_TYPE = AUTH_DB

# Passwords kept by the bureau's directory (LDAP, Active Directory): take the marks away from what follows, fill in.
# The image needs the package python-ldap for it (docs/sign-in.md says how).
# AUTH_TYPE = AUTH_LDAP
# AUTH_LDAP_SERVER = "ldaps://ldap.example.gov.cn"
# AUTH_LDAP_TLS_DEMAND = True
# AUTH_LDAP_TLS_CACERTFILE = "/opt/duban/ldap-ca.pem"
# AUTH_LDAP_SEARCH = "ou=people,dc=example,dc=gov,dc=cn"
# AUTH_LDAP_SEARCH_FILTER = "(memberOf=cn=duban,ou=groups,dc=example,dc=gov,dc=cn)"
# AUTH_LDAP_UID_FIELD = "uid"  # sAMAccountName in Active Directory; the 用户名 of the organization file
# AUTH_LDAP_BIND_USER = "cn=duban,ou=services,dc=example,dc=gov,dc=cn"
# AUTH_LDAP_BIND_PASSWORD = os.environ["DUBAN_LDAP_PASSWORD"]
# AUTH_USER_REGISTRATION = True  # whoever is in the directory may sign in; who is not on the roll sees one sentence
# AUTH_USER_REGISTRATION_ROLE = "督办台账"
# AUTH_ROLES_MAPPING = {"cn=duban-office,ou=groups,dc=example,dc=gov,dc=cn": ["User"]}
# AUTH_ROLES_SYNC_AT_LOGIN = True
