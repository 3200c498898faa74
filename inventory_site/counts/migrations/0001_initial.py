from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTIONS = Path(__file__).parent.parent / "counts.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('stock', '0002_acts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Count',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, verbose_name='name')),
                ('is_blind', models.BooleanField(verbose_name='blind')),
                ('product_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), verbose_name='chosen products')),
                ('created_at', models.DateTimeField(verbose_name='opened at')),
                ('idempotency_key', models.UUIDField()),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('closed_as', models.TextField(blank=True, choices=[('', 'open'), ('posted', 'posted'), ('cancelled', 'cancelled')], verbose_name='state')),
                ('is_rest_none', models.BooleanField(default=False, help_text='else they stay as they are', verbose_name='lines not counted are none')),
                ('batch', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='count', to='stock.batch', verbose_name='batch')),
                ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.category', verbose_name='category')),
                ('closed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='products.location', verbose_name='location')),
            ],
            options={
                'verbose_name': 'stock count',
                'verbose_name_plural': 'stock counts',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('kind', models.TextField(choices=[('set', 'counted'), ('add', 'added')])),
                ('quantity', models.BigIntegerField(verbose_name='quantity')),
                ('counted', models.BigIntegerField(verbose_name='counted')),
                ('on_hand', models.BigIntegerField(verbose_name='book')),
                ('book_seq', models.BigIntegerField()),
                ('seen', models.BigIntegerField(null=True)),
                ('doubt', models.TextField(blank=True, choices=[('seen', 'Moved while you counted: look again.'), ('between', 'Moved between the counts that add up: look again.')])),
                ('at', models.DateTimeField(verbose_name='time')),
                ('idempotency_key', models.UUIDField()),
                ('by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counts.count')),
            ],
            options={
                'verbose_name': 'entry',
                'verbose_name_plural': 'entries',
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('is_found', models.BooleanField(default=False)),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='counts.count')),
                ('latest', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='counts.entry')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.stocklevel')),
            ],
            options={
                'verbose_name': 'line',
                'verbose_name_plural': 'lines',
            },
        ),
        migrations.AddField(
            model_name='entry',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='counts.line'),
        ),
        migrations.AddIndex(
            model_name='count',
            index=models.Index(fields=['-created_at', '-id'], name='count_by_time'),
        ),
        migrations.AddConstraint(
            model_name='count',
            constraint=models.UniqueConstraint(fields=('created_by', 'idempotency_key'), name='count_key_reused'),
        ),
        migrations.AddConstraint(
            model_name='count',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='count_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='count',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_as', ''), ('closed_at', None), ('closed_by', None)), models.Q(('closed_as__in', ['posted', 'cancelled']), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='count_closed_as'),
        ),
        migrations.AddConstraint(
            model_name='count',
            constraint=models.CheckConstraint(condition=models.Q(('batch', None), ('closed_as', 'posted'), _connector='OR'), name='count_batch_posted'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.UniqueConstraint(fields=('count', 'number'), name='count_line_number'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.UniqueConstraint(fields=('count', 'level'), name='count_line_level'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['count', 'by', '-id'], name='count_entry_latest'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('line', 'seq'), name='count_entry_seq'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('by', 'idempotency_key', 'line'), name='count_entry_key'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'set'), ('quantity__range', (0, 1000000))), models.Q(('kind', 'add'), ('quantity__range', (-1000000, 1000000))), _connector='OR'), name='count_entry_quantity'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('counted__range', (0, 1000000))), name='count_entry_counted'),
        ),
        migrations.RunSQL(FUNCTIONS.read_text()),
    ]
