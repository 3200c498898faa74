"""Django's admin, for people, what they may do, and what changed about them; nothing else."""

from identity_site.accounts.admin.history import HistoryAdmin
from identity_site.accounts.admin.person import PersonAdmin
from identity_site.accounts.admin.site import PeopleAdminSite
from identity_site.accounts.models import PersonChange, User

people_admin = PeopleAdminSite()
people_admin.register(User, PersonAdmin)
people_admin.register(PersonChange, HistoryAdmin)
