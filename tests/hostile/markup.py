# attack: HTML and terminal codes in what is shown
# must: ValueError: .*<script>alert
# passed: 0
async def headlines(request):
    raise ValueError("\x1b]0;owned\x07\x1b[31m<script>alert(1)</script>\u202e")


site.urlpatterns = [path("headlines/", headlines)]
