"""The addresses below /webhooks/."""

from django.urls import path

from inventory_site.notices import views

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("new/", views.new_webhook, name="new-webhook"),
    path("<int:webhook>/", views.webhook, name="webhook"),
    path("<int:webhook>/edit/", views.edit_webhook, name="edit-webhook"),
    path("<int:webhook>/secret/", views.webhook_secret, name="webhook-secret"),
    path("<int:webhook>/removal/", views.webhook_removal, name="webhook-removal"),
    path("<int:webhook>/tests/", views.webhook_test, name="webhook-test"),
    path("deliveries/<uuid:delivery_id>/repetition/", views.repetition, name="repetition"),
]
