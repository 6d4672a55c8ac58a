"""The models that django-scim2 wants: users and groups with its columns, and who is in which."""

from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class Group(AbstractSCIMGroupMixin):
    name = models.CharField(max_length=200, unique=True)


class User(AbstractSCIMUserMixin):
    username = models.CharField(max_length=254, unique=True)
    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    email = models.CharField(max_length=254)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    groups = models.ManyToManyField(Group, related_name="user_set")

    @property
    def scim_groups(self) -> "models.Manager[Group]":
        return self.groups


def user_model() -> type[User]:
    return User
