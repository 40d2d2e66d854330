"""Settings, read from the environment. `docs/operations.md` explains each variable."""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import databases, files
from config.often import Often

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

#: The demonstration: seeded people, readable mail, codes on a page. Loopback only.
DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
#: Set by the test harness; loosens nothing but the demand for secrets and TLS.
TESTING = env.bool("TESTING", default=False)
LOCAL = DEMO or DEBUG or TESTING

DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / ".data")))
BUILD_DIR = Path(env.str("BUILD_DIR", default=str(ROOT / "build")))
#: Where the processes of a host tell one another their counts, over sockets; and who may see them.
METRICS_DIR = Path(env.str("METRICS_DIR", default=str(DATA_DIR / "metrics")))
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

SECRET_KEY = env.str("SECRET_KEY", default="")
#: Keys of before: what they signed or sealed is still read (docs/operations.md, Keys).
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
if not SECRET_KEY:
    if not LOCAL:
        raise ImproperlyConfigured("Set SECRET_KEY: it signs sessions and links.")
    SECRET_KEY = "local-only-" + "0" * 50
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
#: Where people reach the product; mails use it.
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

INSTALLED_APPS = [
    "config",
    "release",
    "review",
    "brief",
    "accounts",
    "ledger",
    "accounts.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "reversion",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    # Before everything: it measures the rest, and a scrape inside the house has neither TLS nor a host name.
    "config.metrics.door.MetricsMiddleware",
    "ledger.middleware.RequestIdMiddleware",
    # Before WhiteNoise: static files carry the policy too.
    "ledger.middleware.PolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.PrivateRoomsMiddleware",
    "ledger.once.OnceMiddleware",
    "ledger.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "ledger.context.product",
            ],
        },
    }
]

# Test databases are created and dropped; a pool would hold them open.
DATABASES = databases.databases(env, pooled=not TESTING)
DATABASE_ROUTERS = ["ledger.replica.PrimaryOnly"]
#: Straight to PostgreSQL, for what must hold one connection; needed where DATABASE_URL leads to a pool.
LIVE_DATABASE = env.db_url("LIVE_DATABASE_URL", default="") if env.str("LIVE_DATABASE_URL", default="") else None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "ledger.cache.Cache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cs"}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
#: However long the broker is away: jobs are done meanwhile (config.stand_in), and go through it again after.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BEAT_SCHEDULE = {
    # Without a time at which it expires: a worker whose clock is ahead would never sweep.
    "sweep": {"task": "ledger.sweep", "schedule": Often(timedelta(seconds=5))},
    "retention": {"task": "ledger.retention", "schedule": crontab(hour=2, minute=30), "options": {"expires": 3600}},
}
#: The broker only carries a hint: a request never waits for it (TRUST 5).
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 5, "max_retries": 0}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    ROOT / "static",
    *([("build", BUILD_DIR / "web")] if (BUILD_DIR / "web").is_dir() else []),
]
STORAGES = {
    "default": files.storage(env, DATA_DIR),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Scripts and styles are ours alone; no other site reads them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_AUTOREFRESH = DEBUG
#: Vite's names carry a hash of the bytes, so they may be kept for ever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/assets/.+-[\w-]{8}\.\w+$"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# One constant policy, without nonces: static public files could not carry them (DECISIONS, CSP).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^health/(?:alive/|ready/)?$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

#: How many proxies of ours stand in front; rate limits count the address before them.
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if not DEMO else "dummymail://")
vars().update(EMAIL_CONFIG)
if not LOCAL and not env.str("EMAIL_URL", default=""):
    # A letter on the console is a sign-in code in the log: without a mail server letters wait instead.
    EMAIL_BACKEND = "ledger.nowhere.NoServer"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Countersign <desk@countersign.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- allauth: e-mail code, passkeys, authenticator app, OpenID Connect; by invitation only.
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
#: How long each answer of the sign-in pages takes: what a known address costs more is hidden in it.
ENTRANCE_SECONDS = 0.0 if TESTING else 0.25
#: So that we are asked to (``accounts.adapters``). No mail goes to addresses we do not know: it would make us a way
#: to write to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {"confirm_login_code": "accounts.sign_in.CodeForm"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.second_factor.SignInForm",
    "reauthenticate": "accounts.second_factor.AgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Countersign"
# One step either way, as for signing: telephones' clocks are a little wrong, and people type slowly.
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = False
#: Organisations' single sign-on: a JSON list of {"provider_id", "name", "client_id", "secret",
#: "settings": {"server_url": …}}. It opens accounts that exist, matched by the verified address.
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": env.json("OPENID_CONNECT", default=[]), "OAUTH_PKCE_ENABLED": True}
}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_LOGIN_ON_GET = False

#: TRUST 11.
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
#: Questions to the library's search from one address.
SEARCHES_PER_MINUTE = env.int("SEARCHES_PER_MINUTE", default=60)
#: The longest a job may run, in seconds.
JOB_TIME_LIMIT = 600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "ledger.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        # Each job coming and going; what came of it is counted (ledger.metrics).
        "celery": {"level": "WARNING"},
        "django.server": {"level": "WARNING"},
    },
}
