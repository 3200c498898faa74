import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.TextField(choices=[('out_of_stock', 'Out of stock'), ('low_stock', 'Low stock'), ('approval_waiting', 'Approval waiting'), ('reservation_expiring', 'Reservation about to expire'), ('verification_failed', 'Verification failed'), ('test', 'Test')], verbose_name='kind')),
                ('data', models.JSONField(db_default={})),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(fields=['mailed_at', 'created_at'], name='notice_to_mail')],
                'constraints': [models.UniqueConstraint(django.db.models.fields.json.KeyTextTransform('reservation', 'data'), condition=models.Q(('kind', 'reservation_expiring')), name='notice_once_a_reservation')],
            },
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('sealed', models.TextField()),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(choices=[('out_of_stock', 'Out of stock'), ('low_stock', 'Low stock'), ('approval_waiting', 'Approval waiting'), ('reservation_expiring', 'Reservation about to expire'), ('verification_failed', 'Verification failed')]), verbose_name='Tell of')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='created at')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['url', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('attempts', models.PositiveIntegerField(db_default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='next attempt')),
                ('response_code', models.PositiveSmallIntegerField(null=True, verbose_name='answer')),
                ('failure', models.TextField(blank=True, choices=[('address', 'its address is private'), ('unknown_host', 'its name is unknown'), ('connection', 'no connection'), ('timeout', 'no answer in time'), ('redirect', 'it answered with a redirect, which is not followed'), ('status', 'it refused'), ('secret', 'its secret cannot be read: make a new one')], db_default='')),
                ('detail', models.TextField(blank=True, db_default='')),
                ('delivered_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.notice')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.webhook')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('delivered_at', None), ('given_up_at', None)), fields=['next_attempt_at'], name='delivery_waiting'), models.Index(models.F('webhook'), models.OrderBy(models.F('created_at'), descending=True), models.OrderBy(models.F('id'), descending=True), name='delivery_log')],
            },
        ),
    ]
