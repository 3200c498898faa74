"""The ladder of roles, and what the header and the admin ask about people."""

import pytest
from django.db import IntegrityError, transaction

from identity_site.accounts.models import User
from identity_site.accounts.roles import Role


@pytest.mark.parametrize(
    ("role", "included"),
    [
        (Role.VIEWER, {Role.VIEWER}),
        (Role.OPERATOR, {Role.VIEWER, Role.OPERATOR}),
        (Role.MANAGER, {Role.VIEWER, Role.OPERATOR, Role.MANAGER}),
        (Role.ADMIN, {Role.VIEWER, Role.OPERATOR, Role.MANAGER, Role.ADMIN}),
    ],
)
def test_each_role_includes_those_below_it_and_no_other(role: Role, included: set[Role]) -> None:
    assert {other for other in Role if role.includes(other)} == included


@pytest.mark.parametrize(
    ("role", "manages", "administers"),
    [
        (Role.VIEWER, False, False),
        (Role.OPERATOR, False, False),
        (Role.MANAGER, True, False),
        (Role.ADMIN, True, True),
    ],
)
def test_rights_come_from_the_role(role: Role, manages: bool, administers: bool) -> None:
    user = User(role=role)
    assert (user.can_manage, user.can_administer) == (manages, administers)
    assert user.is_staff is user.is_superuser is administers
    assert user.has_perm("accounts.change_user") is administers
    assert user.has_module_perms("accounts") is administers


def test_an_administrator_who_is_not_active_has_no_rights() -> None:
    user = User(role=Role.ADMIN, is_active=False)
    assert not user.is_staff
    assert not user.has_perm("accounts.change_user")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Marina Ribeiro", "MR"),
        ("Ana Beatriz de Souza Lima", "AL"),
        ("Cher", "C"),
        ("otávio prado", "OP"),
        ("", ""),
    ],
)
def test_initials_stand_for_the_name(name: str, initials: str) -> None:
    assert User(name=name).initials == initials


@pytest.mark.parametrize("wrong", [{"role": "owner"}, {"name": ""}, {"email": "Vera@example.com"}])
def test_the_database_refuses_what_makes_no_sense(vera: User, wrong: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=vera.pk).update(**wrong)


def test_an_address_belongs_to_one_person_whatever_its_case(vera: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("VERA@example.com", name="Another Vera")
    assert User.objects.get_by_natural_key("VERA@EXAMPLE.COM") == vera
